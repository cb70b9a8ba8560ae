import {
  type Detection,
  detectionOf,
  type Expression,
  type Item,
  type ItemValue,
} from '../sigma/index.ts';

/** One value of one item of a detection: what can be seen true and false. */
export interface DetectionLeaf {
  readonly item: Item;
  readonly value: ItemValue;
}

/** Every leaf of a detection, in the order of the rule; parts named twice count once. */
export function leavesIn({ expression }: Detection): readonly DetectionLeaf[] {
  const items = new Set<Item>();
  const walk = (part: Expression): void => {
    if (part.kind === 'item') items.add(part);
    else if ('parts' in part) part.parts.forEach(walk);
    else walk(part.part);
  };
  walk(expression);
  return [...items].flatMap((item) => item.values.map((value) => ({ item, value })));
}

/**
 * The detection without one leaf: of a list its value is taken out, and what becomes empty goes
 * too. Without any leaf left it matches everything.
 */
export function withoutLeaf({ expression }: Detection, leaf: DetectionLeaf): Detection {
  const drop = (part: Expression): Expression | undefined => {
    switch (part.kind) {
      case 'item': {
        if (part !== leaf.item) return part;
        const values = part.values.filter((value) => value !== leaf.value);
        return values.length === 0 ? undefined : { ...part, values };
      }
      case 'named': {
        const inner = drop(part.part);
        return inner && { ...part, part: inner };
      }
      case 'not': {
        const inner = drop(part.part);
        return inner && { kind: 'not', part: inner };
      }
      default: {
        const parts = part.parts.map(drop).filter((inner) => inner !== undefined);
        return parts.length === 0 ? undefined : { kind: part.kind, parts };
      }
    }
  };
  return detectionOf(drop(expression) ?? { kind: 'and', parts: [] });
}

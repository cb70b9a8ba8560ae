// DuckDB: columns and key given, one aggregate for each key. Arguments: file, threads.
import { DuckDBInstance } from '@duckdb/node-api';

const [, , file, threads] = process.argv;
const instance = await DuckDBInstance.create(':memory:', { threads });
const connection = await instance.connect();
const reader = await connection.runAndReadAll(
  `select count(*), max(lines) from (
     select trace_id, count(*) as lines, min(time) as first, max(time) as last, max(level) as level
     from read_json('${file.replaceAll("'", "''")}', format = 'newline_delimited', columns = {
       time: 'VARCHAR', level: 'VARCHAR', msg: 'VARCHAR', state: 'VARCHAR', trace_id: 'VARCHAR'
     })
     group by trace_id
   )`,
);
console.log(reader.getRows().map(String).join());

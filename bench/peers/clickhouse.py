# ClickHouse local through chdb: columns and key given. Arguments: file, threads.
import sys
import chdb

file, threads = sys.argv[1:3]
print(chdb.query(
    f"""select count(), max(lines) from (
      select trace_id, count() as lines, min(time) as first, max(time) as last, max(level) as level
      from file('{file}', JSONEachRow,
        'time String, level String, msg String, state String, trace_id String')
      group by trace_id)
    settings max_threads = {threads}, input_format_json_read_numbers_as_strings = 1""",
    "CSV",
))

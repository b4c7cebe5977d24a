/** Names, written with blanks between them. */
function names(...texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => text.trim().split(/\s+/));
}

/**
 * Functions that people's SQL may call: what questions about cost need, and nothing that reads files or settings,
 * writes, sleeps, or makes values of a size that an argument names.
 *
 * Operators are functions too. What the engine has beyond these stands in `refusedFunctions`; a test holds the two
 * lists against the engine's own, so that an upgrade that brings a function is noticed.
 */
export const allowedFunctions: ReadonlySet<string> = new Set(
  names(
    // Operators
    "+ - * / // % ** ^ !__postfix & | << >> ~ @ || && <@ @> ^@ ->> ~~ !~~ ~~* !~~* ~~~ <-> <=>",
    "like_escape ilike_escape not_like_escape not_ilike_escape",
    // Numbers
    "abs acos acosh add asin asinh atan atan2 atanh bit_count cbrt ceil ceiling cos cosh cot degrees divide even exp",
    "factorial fdiv floor fmod gamma gcd greatest_common_divisor isfinite isinf isnan lcm least_common_multiple",
    "lgamma ln log log10 log2 mod multiply nextafter pi pow power radians random round round_even roundbankers",
    "sign signbit sin sinh sqrt subtract tan tanh trunc xor",
    // Choosing
    "constant_or_null greatest least nullif switch error typeof alias getvariable",
    // Texts
    "ascii bar bit_length char_length character_length chr concat concat_ws contains ends_with hash instr lcase left",
    "left_grapheme len length length_grapheme lower ltrim md5 md5_number md5_number_lower md5_number_upper nfc_normalize",
    "octet_length ord parse_dirname parse_dirpath parse_filename parse_path position prefix regexp_escape regexp_extract",
    "regexp_extract_all regexp_full_match regexp_matches regexp_replace regexp_split_to_array regexp_split_to_table",
    "replace reverse right right_grapheme rtrim sha1 sha256 split split_part starts_with str_split str_split_regex",
    "string_split string_split_regex string_to_array strip_accents strlen strpos substr substring substring_grapheme",
    "suffix translate trim ucase unicode upper url_decode url_encode",
    "formatReadableDecimalSize formatReadableSize format_bytes parse_formatted_bytes pg_size_pretty",
    "base64 bin decode encode from_base64 from_binary from_hex hex to_base to_base64 to_binary to_hex unbin unhex",
    "gen_random_uuid uuid uuidv4 uuidv7 uuid_extract_timestamp uuid_extract_version",
    // Times
    "age ago century current_date current_localtime current_localtimestamp date_add date_diff date_part date_sub",
    "date_trunc datediff datepart datesub datetrunc day dayname dayofmonth dayofweek dayofyear days_in_month decade",
    "epoch epoch_ms epoch_ns epoch_us era get_current_time get_current_timestamp hour isodow isoyear julian last_day",
    "make_date make_time make_timestamp make_timestamp_ms make_timestamp_ns make_timestamptz microsecond millennium",
    "millisecond minute month monthname nanosecond normalized_interval now quarter second strftime strptime",
    "time_bucket timezone timezone_hour timezone_minute to_centuries to_days to_decades to_hours to_microseconds",
    "to_millennia to_milliseconds to_minutes to_months to_quarters to_seconds to_timestamp to_weeks to_years today",
    "transaction_timestamp try_strptime week weekday weekofyear year yearweek",
    // Lists
    "aggregate apply array_aggr array_aggregate array_append array_apply array_cat array_concat array_contains",
    "array_distinct array_extract array_filter array_grade_up array_has array_has_all array_has_any array_indexof",
    "array_intersect array_length array_pop_back array_pop_front array_position array_prepend array_push_back",
    "array_push_front array_reduce array_reverse array_reverse_sort array_select array_slice array_sort",
    "array_to_string array_to_string_comma_default array_transform array_unique array_where array_zip element_at",
    "filter flatten generate_subscripts grade_up list_aggr list_aggregate list_any_value list_append list_apply",
    "list_approx_count_distinct list_avg list_bit_and list_bit_or list_bit_xor list_bool_and list_bool_or list_cat",
    "list_concat list_contains list_cosine_distance list_cosine_similarity list_count list_distance list_distinct",
    "list_dot_product list_element list_entropy list_extract list_filter list_first list_grade_up list_has",
    "list_has_all list_has_any list_histogram list_indexof list_inner_product list_intersect list_kurtosis",
    "list_kurtosis_pop list_last list_mad list_max list_median list_min list_mode list_negative_dot_product",
    "list_negative_inner_product list_pack list_position list_prepend list_product list_reduce list_reverse",
    "list_reverse_sort list_select list_sem list_skewness list_slice list_sort list_stddev_pop list_stddev_samp",
    "list_string_agg list_sum list_transform list_unique list_value list_var_pop list_var_samp list_where list_zip",
    "reduce unnest unpivot_list",
    // Maps and structs
    "cardinality map map_concat map_contains map_contains_entry map_contains_value map_entries map_extract",
    "map_extract_value map_from_entries map_keys map_values row struct_concat struct_contains struct_extract",
    "struct_extract_at struct_has struct_indexof struct_insert struct_keys struct_pack struct_position struct_update",
    "struct_values",
    // JSON
    "array_to_json json json_array json_array_length json_contains json_exists json_extract json_extract_path",
    "json_extract_path_text json_extract_string json_group_array json_group_object json_keys json_merge_patch",
    "json_object json_pretty json_quote json_type json_valid json_value row_to_json to_json",
    // Aggregates and windows
    "any_value approx_count_distinct approx_quantile arbitrary arg_max arg_max_null arg_max_nulls_last arg_min",
    "arg_min_null arg_min_nulls_last argmax argmin array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count",
    "count_if count_star countif covar_pop covar_samp cume_dist dense_rank entropy favg fill first first_value fsum",
    "geomean geometric_mean group_concat histogram histogram_exact is_histogram_other_bin kahan_sum kurtosis",
    "kurtosis_pop lag last last_value lead list listagg mad max max_by mean median min min_by mode nth_value ntile",
    "percent_rank product quantile quantile_cont quantile_disc rank rank_dense regr_avgx regr_avgy regr_count",
    "regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy row_number sem skewness stddev stddev_pop",
    "stddev_samp string_agg sum sum_no_overflow sumkahan var_pop var_samp variance wavg weighted_avg",
    // Who and where, as far as it says nothing of this machine
    "current_catalog current_database current_role current_schema current_schemas current_user session_user user",
    "version",
    // Ours: the re-pricing that everyone reads, and what questions that compare have in common
    "chosen_pricing_run is_asked period_of told_as told_tag",
  ).map((name) => name.toLowerCase()),
);

/** Table functions that people's SQL may read from. */
export const allowedTableFunctions: ReadonlySet<string> = new Set(
  names(
    "unnest range generate_series regexp_split_to_table",
    "duckdb_columns duckdb_tables duckdb_views duckdb_functions duckdb_types duckdb_keywords",
    // Ours
    "spike_by",
  ),
);

/** Why functions are refused, in words that go on after "f() cannot be used here: it". */
export const refusedFunctions: readonly {
  readonly why: string;
  /** Names; a `*` stands for any letters. */
  readonly names: readonly string[];
}[] = [
  {
    why: "makes values of any size",
    names: names(
      "repeat repeat_row lpad rpad printf format bitstring bitstring_agg list_resize array_resize range",
      "generate_series equi_width_bins",
    ),
  },
  {
    why: "takes memory or time that its arguments name",
    names: names(
      "reservoir_quantile approx_top_k levenshtein damerau_levenshtein editdist3 hamming mismatches jaccard",
      "jaro_similarity jaro_winkler_similarity sleep_ms pg_sleep",
    ),
  },
  {
    why: "reads or writes files",
    names: names("read_* parquet_* glob sniff_csv arrow_scan* seq_scan get_block_size"),
  },
  {
    why: "runs SQL or reads tables that it is given as text",
    names: names(
      "query query_table json_execute_serialized_sql json_serialize_* json_deserialize_sql histogram histogram_values summary",
      "sql_auto_complete check_peg_parser pg_get_*",
    ),
  },
  {
    why: "shows or changes how the database is set up",
    names: names(
      "current_setting duckdb_* pragma_* which_secret enable_* disable_* checkpoint force_checkpoint in_search_path",
      "truncate_duckdb_logs write_log parse_duckdb_log_message current_query* current_connection_id",
      "current_transaction_id txid_current stats setseed nextval currval vector_type test_* icu_calendar_names",
      "pg_timezone_names",
    ),
  },
  {
    why: "serves other programs' catalogues",
    names: names(
      "pg_* has_* inet_* col_description obj_description shobj_description format_pg_type format_type map_to_pg_oid",
    ),
  },
  {
    why: "is about types that cost records do not have",
    names: names(
      "array_value array_*_distance array_*_similarity array_*_product array_distance array_dot_product",
      "bit_position get_bit set_bit enum_* union_* st_* variant_* json_each json_tree",
    ),
  },
  {
    why: "takes a type or an inner state as text",
    names: names(
      "json_structure json_transform* json_group_structure from_json* cast_to_type can_cast_implicitly make_type get_type",
      "replace_type remap_struct combine finalize create_sort_key timetz_byte_comparable icu_* __internal_*",
    ),
  },
];

const refusals = refusedFunctions.map(({ why, names: patterns }) => ({
  why,
  pattern: new RegExp(`^(${patterns.map((name) => name.replaceAll("*", ".*")).join("|")})$`),
}));

/** Why a function of this name is refused; `undefined` for a name that is in neither list. */
export function whyRefused(name: string): string | undefined {
  return refusals.find(({ pattern }) => pattern.test(name))?.why;
}

// In an application's own console every name may be a model: what is asked of it must be known to read.

const quiet =
  'puts print p pp version count first last find find_by where all pluck exists any none sum average minimum maximum order limit offset group having select distinct joins includes ids size length inspect to_s to_a to_h to_json to_i to_f attributes map each reject keys values sort sort_by uniq min max join split strip upcase downcase name table_name column_names columns env root now today year month day parse generate pretty_generate fetch dig present blank nil empty include start_with end_with zip flatten compact reverse take drop format round floor ceil times times each_with_index inject reduce tally group_by partition with_index read readlines exist file directory basename dirname extname join size mtime expand_path foreach stat glob pwd entries children home RUBY_VERSION new objects filter exclude values_list iterator query using latest earliest aggregate annotate prefetch_related select_related only defer path'.replaceAll(
    ' ',
    '|',
  );

/** A member that is not known to read only, of whatever stands before it. */
export const unknownMember = new RegExp(String.raw`(?:\.|::|->)\s*(?!(?:${quiet})\b)[a-z_]\w*`);

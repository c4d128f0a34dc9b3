/** preexec has the line with its aliases put in; the shell waits for it, and SIGINT there keeps the line from running. */
export const zshHook = `# savepoint: a snapshot before a typed command that would destroy data.
if [[ -o interactive && -z \${_savepoint_hook-} ]]; then
typeset -g _savepoint_hook=1 _savepoint_store=@STORE@/watched _savepoint_watch= _savepoint_line= _savepoint_place= _savepoint_stamp= _savepoint_answer=
typeset -gi _savepoint_turn=0
typeset -gA _savepoint_words _savepoint_quiet
_savepoint_words=(@PAIRS@)
_savepoint_quiet=(@QUIETPAIRS@)

# What is watched of the project that this folder is in; 1 where nothing is.
_savepoint_find_watch() {
  emulate -L zsh
  local dir=$PWD
  while true; do
    _savepoint_watch=$_savepoint_store/\${dir//\\//%}
    [[ -f $_savepoint_watch ]] && return 0
    [[ -z $dir ]] && break
    dir=\${dir%/*}
  done
  _savepoint_watch=
  return 1
}

# 1 where each command of the line is known to be harmless.
_savepoint_maybe() {
  emulate -L zsh
  # Nobody types so much: looking through it here would take longer than asking.
  (( \${#1} > 8000 )) && return 0
  local plain=\${1//>\\/dev\\/null/} dir=$PWD text word first program kind state=start
  plain=\${plain//2>&1/}
  first=\${plain## #}
  first=\${first%% *}
  [[ $plain == *['>\`']* ]] && return 0
  plain=\${plain//[\\'\\"\\\\]/}
  plain=\${plain//[\\;\\&\\|\\(\\)$'\\n']/ ; }
  for word in \${=plain} ';'; do
    case $state:$word in
      (program:\\;) return 0 ;;
      (*:\\;) state=start ;;
      (start:[@*]|start:\\$*) return 0 ;;
      (start:if|start:then|start:elif|start:else|start:do|start:while|start:until|start:time) ;;
      (start:!|start:fi|start:done|start:esac|start:[{}]|start:[A-Za-z_]*=*) ;;
      (start:for|start:case|start:select|start:function) state=known ;;
      (start:*)
        program=$word kind=\${_savepoint_words[$word]-}
        case $kind in ('') state=program ;; ('=') state=known ;; (*) state=options ;; esac
        ;;
      (program:*) [[ -n \${_savepoint_words[$program $word]-} ]] || return 0; state=known ;;
      (options:-*) [[ $word == *[\${kind#=}]* ]] && return 0 ;;
      (options:*) [[ $kind == '=0' || $word == +* ]] && return 0 ;;
    esac
  done
  # Programs that changed data before.
  if _savepoint_find_watch && read -r text <$_savepoint_watch && [[ -n $text ]]; then
    for word in \${=plain}; do [[ " $text " == *" $word "* ]] && return 0; done
  fi
  while true; do
    if [[ -f $dir/savepoint.json ]]; then
      text=$(<$dir/savepoint.json)
      [[ $text == *\\"$first* ]]
      return
    fi
    [[ -z $dir ]] && return 1
    dir=\${dir%/*}
  done
}

# The values of the variables that the line names.
_savepoint_values() {
  emulate -L zsh
  local _savepoint_rest=$1 _savepoint_name MATCH MBEGIN MEND
  local -a match mbegin mend
  REPLY=
  while (( \${#1} < 8000 )) && [[ $_savepoint_rest =~ '\\$\\{?([A-Za-z_][A-Za-z0-9_]*)' ]]; do
    _savepoint_name=$match[1] _savepoint_rest=\${_savepoint_rest[MEND+1,-1]}
    (( \${(P)+_savepoint_name} && \${#REPLY} + \${#\${(P)_savepoint_name}} < 8000 )) || continue
    [[ \${(P)_savepoint_name} == *$'\\n'* ]] || REPLY+=$_savepoint_name=\${(P)_savepoint_name}$'\\n'
  done
}

# A file that is as old as the beginning of the line.
_savepoint_begin() {
  emulate -L zsh
  local first=\${2## #}
  first=\${first%% *}
  # What is kept out of the history is not kept here either.
  [[ -n $1 && $1 != ' '* ]] && (( \${#2} <= 8000 )) && _savepoint_find_watch || return 0
  [[ -n \${_savepoint_quiet[$first]-} && $2 != *[';&|$\`'$'\\n']* ]] && return 0
  _savepoint_turn=$(( (_savepoint_turn + 1) % 8 ))
  _savepoint_stamp=$_savepoint_store/.since-$$-$_savepoint_turn
  { print -r -- $2 >|$_savepoint_stamp } 2>/dev/null || return 0
  _savepoint_line=$2 _savepoint_place=$PWD
}

_savepoint_preexec() {
  _savepoint_answer=
  _savepoint_before "$@"
  _savepoint_line=
  [[ $_savepoint_answer == saved ]] || _savepoint_begin "$1" "$3"
}

_savepoint_before() {
  local REPLY
  _savepoint_maybe "$3" || return 0
  _savepoint_values "$3"
  _savepoint_answer=$(SAVEPOINT_VARIABLES=$REPLY @PROGRAM@ guard --shell zsh --line "\${3:0:70000}" </dev/null)
  case $? in
    3|130) kill -INT $$ ;;
    126|127) print -u2 'savepoint: NOT saved: the program is gone; a new shell finds it. Running it unprotected.' ;;
  esac
}

# After a line: where something of the data is newer than its beginning, the program looks what it was.
_savepoint_precmd() {
  local code=$? line=$_savepoint_line item
  local -a paths
  [[ -n $line ]] || return 0
  emulate -L zsh
  _savepoint_line=
  [[ -f $_savepoint_watch ]] || return 0
  # In quotes, or an empty line would be none.
  paths=("\${(@f)$(<$_savepoint_watch)}")
  for item in $paths[3,-1]; do
    [[ $item -nt $_savepoint_stamp ]] || continue
    (@PROGRAM@ guard --shell zsh --in $_savepoint_place --line "$line" --since $_savepoint_stamp --status $code </dev/null >/dev/null 2>&1 &)
    return 0
  done
}

autoload -Uz add-zsh-hook
add-zsh-hook preexec _savepoint_preexec
add-zsh-hook precmd _savepoint_precmd
fi
`;

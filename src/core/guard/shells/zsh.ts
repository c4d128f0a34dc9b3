/** preexec has the line with its aliases put in; the shell waits for it, and SIGINT there keeps the line from running. */
export const zshHook = `# savepoint: a snapshot before a typed command that would destroy data.
if [[ -o interactive && -z \${_savepoint_hook-} ]]; then
typeset -g _savepoint_hook=1
typeset -gA _savepoint_words
_savepoint_words=(@PAIRS@)

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

_savepoint_preexec() {
  local REPLY
  _savepoint_maybe "$3" || return 0
  _savepoint_values "$3"
  SAVEPOINT_VARIABLES=$REPLY @PROGRAM@ guard --shell zsh --line "\${3:0:70000}" </dev/null >/dev/null
  case $? in
    3|130) kill -INT $$ ;;
    126|127) print -u2 'savepoint: NOT saved: the program is gone; a new shell finds it. Running it unprotected.' ;;
  esac
}

autoload -Uz add-zsh-hook
add-zsh-hook preexec _savepoint_preexec
fi
`;

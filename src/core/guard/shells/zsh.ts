/** preexec has the line with its aliases put in; the shell waits for it, and SIGINT there keeps the line from running. */
export const zshHook = `# savepoint: a snapshot before a typed command that would destroy data.
if [[ -o interactive && -z \${_savepoint_hook-} ]]; then
typeset -g _savepoint_hook=1
typeset -gA _savepoint_words
_savepoint_words=("\${(@s: :):-@PAIRS@}")

_savepoint_maybe() {
  emulate -L zsh
  # Nobody types so much: looking through it here would take longer than asking.
  (( \${#1} > 8000 )) && return 0
  local plain=\${1//>\\/dev\\/null/} dir=$PWD text word first
  plain=\${plain//2>&1/}
  first=\${plain## #}
  first=\${first%% *}
  [[ $plain == *'>'* || $plain == *.sh* || $first == */* || $plain == *[\\;\\&\\|\\(][.~/]*/* || $plain == *[\\;\\&\\|\\(]\\ [.~/]*/* ]] && return 0
  for word in \${(s: :)plain//[^A-Za-z0-9_.:-]/ }; do
    (( \${+_savepoint_words[$word]} )) && return 0
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

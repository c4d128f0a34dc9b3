/**
 * PS0 is expanded after a line was read and before it runs, in a subshell that the shell waits for:
 * nothing else of the user's shell is touched. Lines that HISTCONTROL or HISTIGNORE leave out cannot be
 * seen there; for those a DEBUG trap stands from the prompt to the first command, and calls the user's.
 */
export const bashHook = `# savepoint: a snapshot before a typed command that would destroy data.
if [[ $- == *i* && -z \${_savepoint_hook-} ]]; then
if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] < 404)); then
  echo "savepoint: bash $BASH_VERSION is not guarded here; use savepoint run -- COMMAND" >&2
else
_savepoint_hook=1 _savepoint_at= _savepoint_user_trap= _savepoint_status=0 _savepoint_last=
declare -gA _savepoint_words
for _savepoint_word in @WORDS@; do _savepoint_words[$_savepoint_word]=1; done
unset _savepoint_word

_savepoint_maybe() {
  # Nobody types so much: looking through it here would take longer than asking.
  ((\${#1} > 8000)) && return 0
  local IFS=$' \\t\\n' plain=\${1//>\\/dev\\/null/} dir=$PWD text= word first
  plain=\${plain//2>&1/}
  read -r first _ <<<"$1"
  [[ $plain == *'>'* || $plain == *.sh* || $first == */* || $plain == *[\\;\\&\\|\\(][.~/]*/* || $plain == *[\\;\\&\\|\\(]\\ [.~/]*/* ]] && return 0
  [[ -n $first && -n \${BASH_ALIASES[$first]-} ]] && plain+=" \${BASH_ALIASES[$first]}"
  for word in \${plain//[^A-Za-z0-9_.:-]/ }; do
    [[ -n \${_savepoint_words[$word]-} ]] && return 0
  done
  while :; do
    if [[ -f $dir/savepoint.json ]]; then
      IFS= read -r -d '' text <"$dir/savepoint.json"
      [[ $text == *"\\"$first"* ]]
      return
    fi
    [[ -z $dir ]] && return 1
    dir=\${dir%/*}
  done
}

_savepoint_check() {
  _savepoint_maybe "$1" || return 0
  local line=$1 first
  read -r first _ <<<"$1"
  [[ -n \${BASH_ALIASES[$first]-} ]] && line=\${line/"$first"/"\${BASH_ALIASES[$first]}"}
  @PROGRAM@ guard --shell bash --line "\${line:0:70000}" </dev/null >/dev/null
  case $? in
    3 | 130) kill -INT $$ ;;
    126 | 127) echo 'savepoint: NOT saved: the program is gone; a new shell finds it. Running it unprotected.' >&2 ;;
  esac
}

# The number before it and its mark go, spaces that were typed stay.
_savepoint_line() {
  local line
  line=$(HISTTIMEFORMAT= builtin history 1)
  line=\${line#"\${line%%[! ]*}"}
  line=\${line#"\${line%%[!0-9]*}"}
  REPLY=\${line:2}
}

_savepoint_before() {
  local REPLY
  [[ -o history ]] && _savepoint_line && _savepoint_check "$REPLY"
}

# 1 where the line was seen before it ran, so that the user's own trap can have its place again.
_savepoint_debug() {
  local REPLY=
  _savepoint_status=$1 _savepoint_last=$2
  ((BASH_SUBSHELL > 0)) && return 0
  [[ -o history ]] && ((HISTCMD != _savepoint_at - 1)) && return 1
  _savepoint_maybe "$BASH_COMMAND" || return 0
  [[ -o history ]] && _savepoint_line
  [[ $REPLY == *"$BASH_COMMAND"* ]] || _savepoint_check "$BASH_COMMAND"
  return 0
}

_savepoint_status() { return "$_savepoint_status"; }

# In a function a DEBUG trap is neither seen nor kept: the prompt itself reads and sets it.
_savepoint_trap='_savepoint_debug "$?" "$_" ||
  if [[ -n $_savepoint_user_trap ]]; then trap -- "$_savepoint_user_trap" DEBUG; else trap - DEBUG; fi
_savepoint_status
eval "$_savepoint_user_trap"
: "$_savepoint_last"'

# 0 where lines may be left out of the history.
_savepoint_prompt() {
  local words
  _savepoint_at=$HISTCMD
  [[ $HISTCONTROL == *ignorespace* || $HISTCONTROL == *ignoreboth* || -n \${HISTIGNORE-} || ! -o history ]] || return 1
  eval "words=($1)"
  [[ \${words[2]-} == "$_savepoint_trap" ]] || _savepoint_user_trap=\${words[2]-}
}

_savepoint_at_prompt='_savepoint_prompt "$(trap -p DEBUG)" && trap -- "$_savepoint_trap" DEBUG'
PS0=\${PS0-}'$(_savepoint_before)'
if ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 501)); then
  PROMPT_COMMAND+=("$_savepoint_at_prompt")
else
  PROMPT_COMMAND="\${PROMPT_COMMAND:+$PROMPT_COMMAND
}$_savepoint_at_prompt"
fi
fi
fi
`;

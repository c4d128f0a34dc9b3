/** fish waits for its preexec event and offers no way to keep the line from running: nothing is asked then. */
export const fishHook = `# savepoint: a snapshot before a typed command that would destroy data.
if status is-interactive; and not set -q _savepoint_hook
set -g _savepoint_hook 1
set -g _savepoint_pattern '@PATTERN@'
set -g _savepoint_quiet @QUIET@
set -g _savepoint_turn 0
set -g _savepoint_line
set -g _savepoint_store $SAVEPOINT_STORE
if test -z "$_savepoint_store"
    set _savepoint_store $HOME/.local/share/savepoint
    string match -q -- '/*' "$XDG_DATA_HOME"; and set _savepoint_store $XDG_DATA_HOME/savepoint
    test (uname) = Darwin; and set _savepoint_store "$HOME/Library/Application Support/savepoint"
end
set _savepoint_store $_savepoint_store/watched

# What is watched of the project that this folder is in; 1 where nothing is.
function _savepoint_find_watch
    set -l dir $PWD
    while true
        set -g _savepoint_watch $_savepoint_store/(string replace -a / % -- "$dir")
        test -f "$_savepoint_watch"; and return 0
        test -z "$dir"; and break
        set dir (string replace -r '/[^/]*$' '' -- $dir)
    end
    set -g _savepoint_watch
    return 1
end

function _savepoint_maybe
    set -l plain (string replace -a '>/dev/null' '' -- "$argv[1]" | string replace -a '2>&1' '' | string collect)
    string match -qr -- $_savepoint_pattern "$plain"; and return 0
    set -l first (string split -m 1 ' ' -- (string trim -- "$argv[1]"))[1]
    set -l dir $PWD
    # Programs that changed data before.
    if _savepoint_find_watch; and read -l learned <$_savepoint_watch; and test -n "$learned"
        for word in (string split -n ' ' -- (string replace -ra '[;&|()\\'"\\n\\\\\\\\]' ' ' -- "$argv[1]"))
            contains -- $word (string split ' ' -- $learned); and return 0
        end
    end
    while true
        if test -f $dir/savepoint.json
            string match -q -- "*\\"$first*" (string collect <$dir/savepoint.json)
            return
        end
        test -z "$dir"; and return 1
        set dir (string replace -r '/[^/]*$' '' -- $dir)
    end
end

# A file that is as old as the beginning of the line.
function _savepoint_begin
    # What is kept out of the history is not kept here either.
    string match -q -- ' *' "$argv[1]"; and return 0
    _savepoint_find_watch; or return 0
    set -l first (string split -m 1 ' ' -- "$argv[1]")[1]
    contains -- "$first" $_savepoint_quiet; and not string match -qr '[;&|$(\\n]' -- "$argv[1]"; and return 0
    set -g _savepoint_turn (math $_savepoint_turn + 1)
    test $_savepoint_turn -gt 7; and set _savepoint_turn 0
    set -g _savepoint_stamp $_savepoint_store/.since-$fish_pid-$_savepoint_turn
    echo >$_savepoint_stamp 2>/dev/null; or return 0
    set -g _savepoint_line "$argv[1]"
    set -g _savepoint_place $PWD
end

# After a line: where something of the data is not older than its beginning, the program looks what it was.
function _savepoint_postexec --on-event fish_postexec
    set -l code $status
    test -n "$_savepoint_line" -a -f "$_savepoint_watch"; or return 0
    set -l line $_savepoint_line
    set -g _savepoint_line
    set -l since (path mtime -- $_savepoint_stamp)
    for moment in (path mtime -- (string split \\n <$_savepoint_watch)[3..])
        test $moment -ge "$since"; or continue
        @PROGRAM@ guard --shell fish --in $_savepoint_place --line "$line" --since $_savepoint_stamp --status $code </dev/null >/dev/null 2>&1 &
        disown
        return 0
    end
end

function _savepoint_preexec --on-event fish_preexec
    set -g _savepoint_answer
    set -g _savepoint_line
    _savepoint_before "$argv[1]"
    test "$_savepoint_answer" = saved; or _savepoint_begin "$argv[1]"
end

function _savepoint_before
    _savepoint_maybe "$argv[1]"; or return 0
    set -l _savepoint_values
    for _savepoint_name in (string match -ra -- '\\$[A-Za-z_][A-Za-z0-9_]*' "$argv[1]" | string sub -s 2)
        set -q $_savepoint_name; and set -a _savepoint_values "$_savepoint_name=$$_savepoint_name"
    end
    set -g _savepoint_answer (SAVEPOINT_VARIABLES=(string join \\n -- $_savepoint_values | string collect) @PROGRAM@ guard --shell fish --no-stop --line (string sub -l 70000 -- "$argv[1]" | string collect) </dev/null)
    if contains $status 126 127
        echo 'savepoint: NOT saved: the program is gone; a new shell finds it. Running it unprotected.' >&2
    end
end
end
`;

/** PSReadLine hands over each line before it runs; one that must not run stays in the editor's line. */
export const pwshHook = `# savepoint: a snapshot before a typed command that would destroy data.
if ((Get-Module -Name PSReadLine) -and -not $global:SavepointHook) {
  $global:SavepointHook = $true
  $global:SavepointPattern = '@PATTERN@'

  function global:Test-SavepointLine([string] $Line) {
    if (($Line -replace '2>&1|\\*?>\\s*\\$null', '') -match $global:SavepointPattern) { return $true }
    $first = ($Line.Trim() -split '\\s+')[0]
    $dir = (Get-Location).ProviderPath
    while ($dir) {
      $file = Join-Path $dir 'savepoint.json'
      if (Test-Path -LiteralPath $file) {
        return (Get-Content -Raw -LiteralPath $file).Contains('"' + $first)
      }
      $dir = Split-Path -Parent $dir
    }
    return $false
  }

  Set-PSReadLineKeyHandler -Key Enter -BriefDescription SavepointEnter -ScriptBlock {
    $line = $null
    $cursor = $null
    [Microsoft.PowerShell.PSConsoleReadLine]::GetBufferState([ref] $line, [ref] $cursor)
    if (Test-SavepointLine $line) {
      [Console]::Error.WriteLine()
      $null | @PROGRAM@ guard --shell pwsh --line $line | Out-Null
      if ($LASTEXITCODE -eq 3 -or $LASTEXITCODE -eq 130) {
        [Microsoft.PowerShell.PSConsoleReadLine]::InvokePrompt()
        return
      }
    }
    [Microsoft.PowerShell.PSConsoleReadLine]::AcceptLine()
  }
}
`;

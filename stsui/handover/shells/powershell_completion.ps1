Register-ArgumentCompleter -Native -CommandName stsui, sts -ScriptBlock {
    param($typed, $tree, $at)
    $words = @($tree.CommandElements | ForEach-Object { $_.ToString() })
    # An empty argument does not reach a program from every PowerShell, so --next stands for it.
    $how = if ($typed) { '--line' } else { '--next' }
    & (Get-Command stsui -CommandType Application | Select-Object -First 1) completion $how @words 2>$null |
        ForEach-Object {
            $name, $about = $_ -split "`t", 2
            if (-not $about) { $about = $name }
            [System.Management.Automation.CompletionResult]::new($name, $name, 'ParameterValue', $about)
        }
}

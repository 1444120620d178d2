# The function sts, and Get-StsPrompt for your prompt.
function global:sts {
    $stsui = Get-Command stsui -CommandType Application -ErrorAction Stop | Select-Object -First 1
    $given = @($args)
    $before = $Env:STSUI_ROLE
    if (($given -contains '--help') -or ($given -contains '-h')) { & $stsui init --help; return }
    if ($given.Count -eq 0) {
        $picked = & $stsui pick
        if ($LASTEXITCODE -ne 0) { return }
        $given = @($picked)
    }
    elseif ($given[0] -eq '-') {
        if (-not $global:StsPrevious) { Write-Error 'sts: there was no role before this one'; return }
        $given[0] = $global:StsPrevious
    }
    $text = & $stsui export @given --format powershell | Out-String
    if ($LASTEXITCODE -ne 0) { return }
    Invoke-Expression $text
    if ($before -and ($before -ne $Env:STSUI_ROLE)) { $global:StsPrevious = $before }
}

# A segment such as [prod-ro PROD 42m]; starts no process.
function global:Get-StsPrompt {
    # role, environment, account, end, Region, note: a line each in a live shell's file.
    $facts = @("$Env:STSUI_ROLE", "$Env:STSUI_ENVIRONMENT", '', "$Env:AWS_CREDENTIAL_EXPIRATION", '', '')
    if ($Env:STSUI_SLOT_FILE) {
        try { $facts = @(Get-Content -LiteralPath $Env:STSUI_SLOT_FILE -ErrorAction Stop) + @('') * 6 }
        catch { $facts[5] = 'gone' }
        if (-not $facts[0]) { $facts[0] = 'no role' }
    }
    if (-not $facts[0]) { return '' }
    $role = $facts[0] -replace '[^\w.@+/: -]', '?'
    $word = $facts[1] -replace '[^\w-]', '?'
    $left = ''
    $end = [DateTime]::MinValue
    $style = [Globalization.DateTimeStyles]'AssumeUniversal, AdjustToUniversal'
    if ([DateTime]::TryParseExact($facts[3], 'yyyy-MM-ddTHH:mm:ssZ',
            [Globalization.CultureInfo]::InvariantCulture, $style, [ref]$end)) {
        $span = $end - [DateTime]::UtcNow
        if ($span.TotalSeconds -le 0) { $left = ' expired' }
        elseif ($span.TotalSeconds -lt 60) { $left = " $([int][Math]::Floor($span.TotalSeconds))s" }
        elseif ($span.TotalMinutes -lt 60) { $left = " $([int][Math]::Floor($span.TotalMinutes))m" }
        else { $left = " $([int][Math]::Floor($span.TotalHours))h$($span.Minutes)m" }
    }
    if ($Env:STSUI_SLOT_FILE) { $left = " live$left" }
    if ($facts[5] -eq 'waits') { $left = ' waits for you' }
    elseif ($facts[5] -in 'cut', 'dropped', 'gone') { $left = " $($facts[5])" }
    if ($word) {
        $red = ($word -cin 'PROD', 'PRD', 'PRODUCTION', 'LIVE') -and -not $Env:NO_COLOR
        $escape = [char]27
        $word = if ($red) { " $escape[1;31m$word$escape[0m" } else { " $word" }
    }
    "[$role$word$left] "
}

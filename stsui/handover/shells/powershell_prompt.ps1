if (-not (Test-Path Function:\StsPromptBefore)) {
    Copy-Item Function:\prompt Function:\global:StsPromptBefore
    function global:prompt { "$(Get-StsPrompt)$(StsPromptBefore)" }
}

namespace WhatsOps.Tests.Unit.Infra;

/// <summary>What the compiler said.</summary>
/// <param name="Text">What it made.</param>
/// <param name="Words">Its errors, warnings and linter messages; empty: none.</param>
internal sealed record BicepAnswer(int ExitCode, string Text, string Words);

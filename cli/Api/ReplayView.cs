namespace WhatsOps.Cli.Api;

/// <summary>What a replay takes.</summary>
internal sealed record ReplayView(bool DryRun, long Events, long WithoutBody);

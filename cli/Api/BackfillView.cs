namespace WhatsOps.Cli.Api;

/// <summary>What a backfill found and did.</summary>
internal sealed record BackfillView(bool DryRun, string Gateway, int Compared, int Missing, int Stored, string? Problem);

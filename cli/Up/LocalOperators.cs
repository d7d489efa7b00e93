namespace WhatsOps.Cli.Up;

/// <summary>The two operators of a generated fleet: four eyes need two keys.</summary>
internal static class LocalOperators
{
    /// <summary>Role operator: may ask for a run, not approve it.</summary>
    public const string Requester = "requester";

    /// <summary>Role approver.</summary>
    public const string Approver = "approver";
}

namespace WhatsOps.Simulator.Instances;

/// <summary>Connection states as REST tells them; "refused" appears in webhooks only.</summary>
internal static class InstanceState
{
    public const string Open = "open";
    public const string Connecting = "connecting";
    public const string Close = "close";
}

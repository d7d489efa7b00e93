namespace WhatsOps.Gateways;

/// <summary>Instance states as the database and the API write them.</summary>
public static class InstanceStateNames
{
    public static string ToName(this InstanceState state) => state switch
    {
        InstanceState.Open => "open",
        InstanceState.Connecting => "connecting",
        InstanceState.Close => "close",
        InstanceState.Refused => "refused",
        InstanceState.NotLoaded => "not_loaded",
        InstanceState.Paired => "paired",
        _ => "unknown",
    };

    public static InstanceState Parse(string name) => name switch
    {
        "open" => InstanceState.Open,
        "connecting" => InstanceState.Connecting,
        "close" => InstanceState.Close,
        "refused" => InstanceState.Refused,
        "not_loaded" => InstanceState.NotLoaded,
        "paired" => InstanceState.Paired,
        _ => InstanceState.Unknown,
    };
}

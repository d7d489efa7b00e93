namespace WhatsOps.Gateways;

/// <summary>What a gateway answered to a command. An accepted command proves nothing: read back.</summary>
public enum GatewayResult
{
    /// <summary>Accepted.</summary>
    Done,

    /// <summary>Nothing to do: already so (logout of a closed instance, delete of a missing one).</summary>
    AlreadySo,

    /// <summary>The name is taken: on Evolution also while an asynchronous delete is under way.</summary>
    NameInUse,

    /// <summary>Refused or failed; the message says why.</summary>
    Failed,

    /// <summary>The key was refused.</summary>
    Unauthorized,

    /// <summary>No answer; it may or may not have happened.</summary>
    Unreachable,
}

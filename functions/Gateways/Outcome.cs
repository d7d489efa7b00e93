namespace WhatsOps.Gateways;

/// <summary>What came of looking at something. Absent is never healthy.</summary>
public enum Outcome
{
    /// <summary>Looked, and this is what is there.</summary>
    Seen,

    /// <summary>The place answered that the thing is not there.</summary>
    Absent,

    /// <summary>The key was refused.</summary>
    Unauthorized,

    /// <summary>No answer: refused, timed out, reset, 5xx, or not the protocol we know.</summary>
    Unreachable,
}

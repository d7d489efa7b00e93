namespace WhatsOps.Runbooks;

/// <summary>The three moments of a step at which a process can die and leave a different mess.</summary>
public enum FaultPoint
{
    /// <summary>Nothing has happened yet.</summary>
    Before,

    /// <summary>The world has changed, the row does not know.</summary>
    Acted,

    /// <summary>The row knows, the orchestration does not.</summary>
    Recorded,
}

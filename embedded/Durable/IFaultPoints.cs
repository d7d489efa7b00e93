namespace WhatsOps.Embedded.Durable;

/// <summary>Lets a test stop the engine at a named point as kill -9 would: from then on it touches the database no more.</summary>
internal interface IFaultPoints
{
    /// <summary>True to die here. <paramref name="activity"/> and <paramref name="instanceId"/> are null at the points of a commit, which many instances share.</summary>
    bool DiesAt(FaultPoint point, string? instanceId, string? activity);
}

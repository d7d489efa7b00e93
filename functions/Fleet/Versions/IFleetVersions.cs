namespace WhatsOps.Fleet;

/// <summary>The fleet file and its history: what an operator shows, checks and applies.</summary>
public interface IFleetVersions
{
    /// <summary>The newest file as it was written; null before the first.</summary>
    Task<string?> TextAsync(CancellationToken cancellation);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<AppliedFleet>> ListAsync(int limit, CancellationToken cancellation);

    /// <summary>Every problem of a file, and every warning; nothing is stored.</summary>
    FleetApplied Validate(string text);

    /// <summary>Puts a file in force, or refuses it whole: what was in force stays, and the refusal stands until a good file follows.</summary>
    /// <param name="onlyFirst">Do nothing when a version is in force already.</param>
    Task<FleetApplied> ApplyAsync(string text, string by, bool onlyFirst, CancellationToken cancellation);
}

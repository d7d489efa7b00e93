namespace WhatsOps.Findings;

/// <summary>
/// One pass of a check over a scope. Findings of the same check and scope that a complete pass did not see again count a good
/// observation; after n of them they close. An incomplete pass opens findings but closes none, and no pass closes those of a subject that it did not see.
/// </summary>
/// <param name="Gateway">Null: the check covered the whole system. Otherwise only findings of this gateway may be closed by it.</param>
/// <param name="Complete">True only when everything in the scope but the unseen subjects was really seen.</param>
/// <param name="ObservedAt">Start of the observation; an older pass never closes what a newer one saw.</param>
public sealed record CheckRun(string Check, string System, string? Gateway, bool Complete, DateTimeOffset ObservedAt, int GoodObservationsToClose)
{
    /// <summary>Subjects that this pass did not see: what is open of them, and of what is below them (<c>a/b</c> of <c>a</c>), stays as it is.</summary>
    public IReadOnlyList<string> Unseen { get; init; } = [];
}

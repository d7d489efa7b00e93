namespace WhatsOps.Findings;

/// <summary>
/// One pass of a check over a scope. Findings of the same check and scope that a complete pass did not see again count a good
/// observation; after n of them they close. An incomplete pass opens findings but closes none.
/// </summary>
/// <param name="Gateway">Null: the check covered the whole system. Otherwise only findings of this gateway may be closed by it.</param>
/// <param name="Complete">True only when everything in the scope was really seen.</param>
/// <param name="ObservedAt">Start of the observation; an older pass never closes what a newer one saw.</param>
public sealed record CheckRun(string Check, string System, string? Gateway, bool Complete, DateTimeOffset ObservedAt, int GoodObservationsToClose);

namespace WhatsOps.Privacy;

/// <summary>What an erasure took, or would take.</summary>
/// <param name="DryRun">True: nothing was touched.</param>
/// <param name="Events">Events whose mark of this person is gone.</param>
/// <param name="Bodies">Bodies deleted, the ones that could not be read among them.</param>
/// <param name="Deliveries">Events that were still owed to the product and will not be sent.</param>
public sealed record Erasure(bool DryRun, IReadOnlyList<string> Systems, long Events, long Bodies, long Deliveries);

namespace WhatsOps.Audits;

/// <summary>An endpoint that not every installation of a product has .</summary>
/// <param name="Name">snake_case, e.g. <c>queue_board</c>.</param>
internal sealed record ProductEndpoint(string Name, string Path);

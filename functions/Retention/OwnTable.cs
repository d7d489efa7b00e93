namespace WhatsOps.Retention;

/// <summary>How one of WhatsOps' own tables is kept small.</summary>
/// <param name="Column">The time that counts.</param>
/// <param name="Days">Rows whose time is longer ago go.</param>
/// <param name="Also">A further condition in SQL on alias <c>t</c>; null: the time alone decides.</param>
/// <param name="Batch">Rows per statement; fewer where a row takes others with it.</param>
internal sealed record OwnTable(string Name, string Column, int Days, string? Also = null, int Batch = RetentionPace.MostRows);

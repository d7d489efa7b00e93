namespace WhatsOps.Database;

/// <summary>Where WhatsOps keeps its own data.</summary>
/// <param name="ConnectionString">Npgsql connection string, from setting <c>OperationsDatabase</c>. Holds a password: never log it.</param>
public sealed record OperationsDatabaseOptions(string ConnectionString);

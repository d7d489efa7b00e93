using Npgsql;
using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>What may be shown of an exception: messages of strangers can carry connection strings, bodies or keys.</summary>
internal static class Harmless
{
    public static string Sentence(Exception problem) => problem switch
    {
        ProblemException or MissingSecretException => problem.Message,
        // Class 22 quotes the value that did not fit, and the product's rows hold its secrets.
        PostgresException { SqlState: ['2', '2', ..] } refused => $"PostgreSQL refused a value: {refused.SqlState}",
        PostgresException refused => $"PostgreSQL refused: {refused.SqlState} {refused.MessageText}",
        NpgsqlException => "The database cannot be reached.",
        TimeoutException or OperationCanceledException => "It took too long.",
        _ => $"It failed unexpectedly ({problem.GetType().Name}).",
    };
}

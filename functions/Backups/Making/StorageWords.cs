using Azure;

namespace WhatsOps.Backups;

/// <summary>What storage said, without addresses: those of a shared access signature hold a secret.</summary>
internal static class StorageWords
{
    public static string Of(Exception problem) => problem switch
    {
        RequestFailedException { Status: > 0 } failed => $"{failed.Status} {failed.ErrorCode}",
        AggregateException { InnerException: { } inner } => Of(inner),
        RequestFailedException { InnerException: { } inner } => inner.GetType().Name,
        _ => problem.GetType().Name,
    };
}

using Azure.Identity;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace WhatsOps.Blobs;

/// <summary>
/// Registers Blob Storage: setting <c>BlobStorage</c> (connection string) or <c>BlobStorageUri</c> (account URL, with the host's identity);
/// container <c>BlobContainer</c>, by default <c>whatsops</c>.
/// </summary>
public static class BlobsServices
{
    public static IServiceCollection AddBlobs(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IBlobStore>(provider => new AzureBlobStore(
            () => Account(configuration).GetBlobContainerClient(configuration["BlobContainer"] ?? "whatsops"), provider.GetRequiredService<TimeProvider>()));
        return services;
    }

    private static BlobServiceClient Account(IConfiguration configuration)
    {
        var options = new BlobClientOptions { Retry = { MaxRetries = 2, NetworkTimeout = TimeSpan.FromSeconds(20) } };
        if (configuration["BlobStorage"] is { Length: > 0 } connectionString) return new(connectionString, options);
        if (configuration["BlobStorageUri"] is { Length: > 0 } uri) return new(new Uri(uri), new DefaultAzureCredential(), options);
        throw new InvalidOperationException(
            "No Blob Storage is configured. Fix: set BlobStorage to a connection string, or BlobStorageUri to https://ACCOUNT.blob.core.windows.net.");
    }
}

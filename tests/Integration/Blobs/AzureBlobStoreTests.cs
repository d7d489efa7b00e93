using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Blobs;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Blobs;

public sealed class AzureBlobStoreTests
{
    [Fact]
    public async Task Blobs_are_put_found_listed_and_deleted_in_a_container_made_on_first_use()
    {
        var store = Store((await TestServers.AzuriteAsync()).ConnectionString, $"c{Guid.NewGuid():N}");

        Assert.Null(await store.FindAsync("a/1.json", default));
        Assert.True(await store.PutAsync("a/1.json", BinaryData.FromString("one"), "application/json", overwrite: false, default));
        Assert.False(await store.PutAsync("a/1.json", BinaryData.FromString("two"), "application/json", overwrite: false, default));
        Assert.Equal("one", (await store.FindAsync("a/1.json", default))!.ToString());
        Assert.True(await store.PutAsync("a/1.json", BinaryData.FromString("three"), "application/json", overwrite: true, default));
        Assert.True(await store.PutAsync("ab/2.json", BinaryData.FromString("four"), "application/json", overwrite: true, default));
        Assert.Equal("three", (await store.FindAsync("a/1.json", default))!.ToString());
        Assert.Equal(["a/1.json"], await store.ListAsync("a/", default));
        Assert.True(await store.DeleteAsync("a/1.json", default));
        Assert.False(await store.DeleteAsync("a/1.json", default));
        Assert.True(await store.ProbeAsync(default) > TimeSpan.Zero);
    }

    [Fact]
    public async Task Storage_that_is_not_there_fails_the_probe() =>
        await Assert.ThrowsAnyAsync<Exception>(() => Store("DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:9/a;", "c").ProbeAsync(default));

    [Fact]
    public async Task A_missing_setting_says_how_to_set_it_once_storage_is_used()
    {
        var problem = await Assert.ThrowsAsync<InvalidOperationException>(() => Store(null, "c").ListAsync("", default));
        Assert.Contains("BlobStorageUri", problem.Message, StringComparison.Ordinal);
    }

    private static IBlobStore Store(string? connectionString, string container)
    {
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["BlobStorage"] = connectionString, ["BlobContainer"] = container }).Build();
        return new ServiceCollection().AddSingleton(TimeProvider.System).AddBlobs(settings).BuildServiceProvider().GetRequiredService<IBlobStore>();
    }
}

using Microsoft.Extensions.Time.Testing;
using WhatsOps.Events;
using WhatsOps.Fleet;
using WhatsOps.Findings;

namespace WhatsOps.Tests.Integration.Events;

/// <summary>Whose event it is, and what proves it.</summary>
public sealed class ReceiverProofTests : ReceiverWorld
{
    [Theory]
    [InlineData(null, "", 401)]
    [InlineData("wrong", "", 401)]
    [InlineData(null, "not.a.jwt", 401)]
    [InlineData(null, "..", 401)]
    public async Task Without_a_proof_that_fits_it_is_401(string? secret, string bearer, int status)
    {
        Assert.Equal(status, (await Host.SendAsync("acme", Webhooks.Message("shop-acme", "C1"), secret, bearer.Length > 0 ? bearer : null)).Status);
        Assert.Equal(0, await Host.CountAsync());
    }

    [Fact]
    public async Task Another_tenants_secret_is_no_proof()
    {
        var other = await Host.SecretAsync("other");
        Assert.Equal((401, "refused"), await Host.SendAsync("acme", Webhooks.Message("shop-acme", "C2"), other));
    }

    [Fact]
    public async Task A_jwt_made_with_the_secret_proves_and_every_other_jwt_does_not()
    {
        async Task<int> Send(string jwt) => (await Host.SendAsync("acme", Webhooks.Message("shop-acme", Guid.NewGuid().ToString()), bearer: jwt)).Status;
        var now = DateTimeOffset.UtcNow;

        Assert.Equal(200, await Send(Webhooks.Jwt(Secret)));
        Assert.Equal(200, await Send(Webhooks.Jwt(Secret, now.AddSeconds(-600 - 1700))));
        Assert.Equal(200, await Send(Webhooks.Jwt(Secret, now.AddSeconds(200))));
        Assert.Equal(401, await Send(Webhooks.Jwt(Secret, now.AddSeconds(-600 - 1900))));
        Assert.Equal(401, await Send(Webhooks.Jwt(Secret, now.AddSeconds(400))));
        Assert.Equal(401, await Send(Webhooks.Jwt(Secret, alg: "none")));
        Assert.Equal(401, await Send(Webhooks.Jwt(Secret, alg: "HS512")));
        Assert.Equal(401, await Send(Webhooks.Jwt(Secret, withExpiry: false)));
        Assert.Equal(401, await Send(Webhooks.Jwt("another secret")));
        var parts = Webhooks.Jwt(Secret).Split('.');
        Assert.Equal(401, await Send($"{parts[0]}.{parts[1]}x.{parts[2]}"));
    }

    [Fact]
    public async Task After_a_rotation_the_previous_secret_still_proves_until_the_next_one()
    {
        var rotated = await Host.Get<ITenantSecrets>().RotateAsync("shop", "acme", CancellationToken.None);
        Assert.Equal(200, (await Host.SendAsync("acme", Webhooks.Message("shop-acme", "D1"), Secret)).Status);
        Assert.Equal(200, (await Host.SendAsync("acme", Webhooks.Message("shop-acme", "D2"), bearer: Webhooks.Jwt(Secret))).Status);
        Assert.Equal(200, (await Host.SendAsync("acme", Webhooks.Message("shop-acme", "D3"), rotated.Current)).Status);
        await Host.Get<ITenantSecrets>().RotateAsync("shop", "acme", CancellationToken.None);
        Assert.Equal(401, (await Host.SendAsync("acme", Webhooks.Message("shop-acme", "D4"), Secret)).Status);
    }

    [Fact]
    public async Task A_rotation_by_another_process_is_noticed_before_a_proof_is_refused()
    {
        Assert.Equal(200, (await Host.SendAsync("acme", Webhooks.Message("shop-acme", "E1"), Secret)).Status);
        await using var other = await ReceiverHost.StartAsync(Database.ConnectionString, Host.KeyFile);
        var rotated = await other.Get<ITenantSecrets>().RotateAsync("shop", "acme", CancellationToken.None);

        Assert.Equal((200, "stored"), await Host.SendAsync("acme", Webhooks.Message("shop-acme", "E2"), rotated.Current));
    }

    [Fact]
    public async Task An_unknown_tenant_is_503_because_it_may_be_known_in_a_minute()
    {
        Assert.Equal((503, "unknown_tenant"), await Host.SendAsync("nobody", Webhooks.Message("shop-nobody", "F1"), "some secret"));
        Assert.Equal(0, await Host.CountAsync());
        await Host.Flush.FlushAsync(CancellationToken.None);
        Assert.Equal(1, await Host.ScalarAsync<long>("SELECT count FROM whatsops.receiver_counts WHERE answer = 'unknown_tenant'"));
    }

    [Fact]
    public async Task The_same_slug_in_two_systems_belongs_to_the_one_whose_secret_fits()
    {
        var clinic = await Host.SecretAsync("acme", "clinic");
        Assert.Equal((200, "stored"), await Host.SendAsync("acme", Webhooks.Message("clinic-acme", "G1"), clinic));
        Assert.Equal((200, "stored"), await Host.SendAsync("acme", Webhooks.Message("shop-acme", "G2"), Secret));

        Assert.Equal(1, await Host.CountAsync(where: "system = 'clinic' AND instance = 'clinic-acme' AND NOT is_foreign"));
        Assert.Equal(1, await Host.CountAsync(where: "system = 'shop' AND instance = 'shop-acme' AND NOT is_foreign"));
    }

    [Theory]
    [InlineData("shop-acme2")]
    [InlineData("acme")]
    [InlineData("SHOP-ACME")]
    [InlineData("shop-other")]
    [InlineData("")]
    public async Task An_instance_that_is_not_exactly_the_tenants_is_stored_as_foreign_and_its_state_is_left_alone(string instance)
    {
        Assert.Equal((200, "stored"), await Host.SendAsync("acme", Webhooks.State(instance, "open"), Secret));

        Assert.Equal(1, await Host.CountAsync(where: "tenant = 'acme' AND is_foreign"));
        Assert.Equal(0, await Host.CountAsync("instances"));
        await Host.Flush.FlushAsync(CancellationToken.None);
        var finding = Assert.Single(await Host.Get<IFindings>().ListAsync(new FindingQuery(), CancellationToken.None));
        Assert.Equal("tenant_isolation_slug_mismatch", finding.Kind);
        Assert.Equal("acme", finding.Tenant);
    }

    [Fact]
    public async Task Wrong_proofs_become_one_finding_not_one_per_request()
    {
        // Its time stands still: it would tell of the first three while the others are still to come.
        await using var host = await ReceiverHost.StartAsync(Database.ConnectionString, Host.KeyFile, new FakeTimeProvider(DateTimeOffset.UtcNow));
        for (var i = 0; i < 5; i++) Assert.Equal(401, (await host.SendAsync("acme", Webhooks.Message("shop-acme", $"H{i}"), "wrong")).Status);
        await host.Flush.FlushAsync(CancellationToken.None);

        var finding = Assert.Single(await host.Get<IFindings>().ListAsync(new FindingQuery(), CancellationToken.None));
        Assert.Equal("webhook_proof_failures", finding.Kind);
        Assert.Equal("5", finding.Evidence["refused"]);
    }
}

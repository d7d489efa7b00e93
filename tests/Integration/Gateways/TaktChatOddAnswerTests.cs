using Microsoft.AspNetCore.Http;
using WhatsOps.Diagnosis;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Tests.Integration.Gateways;

/// <summary>Bodies that are not those of a TaktChat.</summary>
public sealed class TaktChatOddAnswerTests
{
    private static readonly string[] Odd =
    [
        "", "null", "{}", "\"x\"", "[null]", "[{}]", "[{\"id\":7}]", "[{\"id\":7,\"companyId\":1,\"updatedAt\":\"yesterday\"}]", "[{\"id\":\"seven\",\"companyId\":1}]", "<html>",
        "{\"token\":\"t\"}", "{\"token\":7,\"user\":{}}", "{\"message\":7}", "{\"id\":7,\"status\":[]}", "{\"backend\":{\"version\":7}}",
    ];

    [Fact]
    [Source("taktchat", SourceState.Lying, "gateway_unreachable")]
    public async Task No_body_of_somebody_else_is_taken_for_a_state()
    {
        using var fixture = new GatewayFixture();
        foreach (var body in Odd)
        {
            await using var server = await ScriptedGateway.StartAsync(context =>
            {
                context.Response.ContentType = "application/json";
                return context.Response.WriteAsync(context.Request.Path == "/auth/login" && context.Request.Headers.Authorization.Count == 0 ? """{"token":"t","user":{"companyId":1}}""" : body);
            });
            var endpoint = new GatewayEndpoint { Name = "g", Url = server.Url, Accounts = [new() { Company = 1, Email = "e", Password = "p" }] };
            var gateway = fixture.Open(new FleetSystem { Name = "s", Kind = SystemKinds.TaktChat, Gateways = [endpoint] }, endpoint, forSweep: true);
            Assert.Equal(Outcome.Unreachable, (await gateway.ProbeAsync(default)).Outcome);
            Assert.Equal(Outcome.Unreachable, (await gateway.ListAsync(default)).Outcome);
            Assert.Equal(Outcome.Unreachable, (await gateway.StateAsync("1-7", default)).Outcome);
            Assert.Equal(Outcome.Unreachable, (await gateway.ConnectAsync("1-7", default)).Outcome);
            Assert.Equal(GatewayResult.Unreachable, (await gateway.LogoutAsync("1-7", default)).Result);
        }
    }

    [Fact]
    public async Task A_login_that_answers_something_else_is_no_refusal()
    {
        using var fixture = new GatewayFixture();
        foreach (var body in Odd)
        {
            await using var server = await ScriptedGateway.StartAsync(200, body);
            var endpoint = new GatewayEndpoint { Name = "g", Url = server.Url, Accounts = [new() { Company = 1, Email = "e", Password = "p" }] };
            var list = await fixture.Open(new FleetSystem { Name = "s", Kind = SystemKinds.TaktChat, Gateways = [endpoint] }, endpoint, forSweep: true).ListAsync(default);
            Assert.Equal(Outcome.Unreachable, list.Outcome);
            Assert.StartsWith("login: ", list.Detail, StringComparison.Ordinal);
        }
    }
}

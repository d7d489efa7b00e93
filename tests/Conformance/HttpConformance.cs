using System.Net;
using System.Net.Http.Json;

namespace WhatsOps.Conformance;

public sealed class HttpConformance(HostUnderTest host)
{
    [Theory]
    [InlineData("Open", "none", HttpStatusCode.OK)]
    [InlineData("Keyed", "none", HttpStatusCode.Unauthorized)]
    [InlineData("Keyed", "wrong", HttpStatusCode.Unauthorized)]
    [InlineData("Keyed", "function", HttpStatusCode.OK)]
    [InlineData("Keyed", "master", HttpStatusCode.OK)]
    [InlineData("Administered", "none", HttpStatusCode.Unauthorized)]
    [InlineData("Administered", "function", HttpStatusCode.Unauthorized)]
    [InlineData("Administered", "master", HttpStatusCode.OK)]
    public async Task Keys_open_what_their_level_allows_in_the_header_and_in_the_address(string function, string which, HttpStatusCode expected)
    {
        var key = which switch { "none" => null, "function" => host.FunctionKey, "master" => host.MasterKey, _ => "a-key-that-nobody-made" };
        Assert.Equal(expected, (await host.SendAsync(HttpMethod.Get, $"api/{function}", key)).StatusCode);
        if (key is not null)
            Assert.Equal(expected, (await host.SendAsync(HttpMethod.Get, $"api/{function}?code={Uri.EscapeDataString(key)}")).StatusCode);
    }

    [Theory]
    [InlineData("api/items/7", HttpStatusCode.OK)]
    [InlineData("api/items/7/lid", HttpStatusCode.OK)]
    [InlineData("api/items/seven", HttpStatusCode.NotFound)]
    [InlineData("api/items/7/lid/more", HttpStatusCode.NotFound)]
    [InlineData("api/items", HttpStatusCode.NotFound)]
    [InlineData("items/7", HttpStatusCode.NotFound)]
    [InlineData("api/ITEMS/7", HttpStatusCode.OK)]
    public async Task Routes_have_the_prefix_constraints_and_optional_parts(string path, HttpStatusCode expected) =>
        Assert.Equal(expected, (await host.Client.GetAsync(path)).StatusCode);

    [Fact]
    public async Task Route_values_reach_the_parameters_by_name()
    {
        Assert.Equal("""{"id":7,"part":"lid","host":true}""", await host.Client.GetStringAsync("api/items/7/lid"));
        Assert.Equal("""{"id":8,"part":null,"host":true}""", await host.Client.GetStringAsync("api/items/8"));
    }

    [Fact]
    public async Task Only_the_methods_of_the_trigger_are_served()
    {
        Assert.Equal("POST", await (await host.Client.PostAsync("api/Open", null)).Content.ReadAsStringAsync());
        // The Functions host says 404 and ASP.NET Core 405; callers get neither a run nor a 2xx.
        Assert.True((await host.Client.DeleteAsync("api/Open")).StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed);
    }

    [Theory]
    [InlineData("echo", HttpStatusCode.OK)]
    [InlineData("echo?created=1", HttpStatusCode.Created)]
    public async Task A_body_is_bound_and_JSON_answers_are_camel_case(string path, HttpStatusCode expected)
    {
        var response = await host.Client.PostAsJsonAsync($"api/{path}", new { product = "lamp", amount = 2, notes = new[] { "é" } });
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var order = await response.Content.ReadFromJsonAsync<Order>();
        Assert.Equal(("lamp", 2, "é"), (order!.Product, order.Amount, Assert.Single(order.Notes!)));
        Assert.Contains("\"product\":", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("empty", HttpStatusCode.NoContent, null, "")]
    [InlineData("text", (HttpStatusCode)418, "text/html", "<b>")]
    [InlineData("file", HttpStatusCode.OK, "text/csv", "a;b")]
    [InlineData("conflict", HttpStatusCode.Conflict, "application/json", "{\"kind\":\"conflict\"}")]
    [InlineData("missing", HttpStatusCode.NotFound, null, "")]
    public async Task Results_say_what_the_function_meant(string kind, HttpStatusCode status, string? type, string body)
    {
        var response = await host.Client.GetAsync($"api/answers/{kind}");
        Assert.Equal((status, type, body), (response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task An_unhandled_exception_is_500_and_tells_nothing()
    {
        var response = await host.Client.GetAsync("api/answers/anything-else");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.DoesNotContain("details", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private sealed record Order(string Product, int Amount, string[]? Notes);
}

using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Fleet;

public sealed class JsonBodyTests
{
    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task A_no_is_a_no_whatever_its_content_type(string? type) =>
        Assert.Equal("no", (await ReadAsync("""{"answer":"no"}""", type))?.Answer);

    [Fact]
    public async Task Nothing_is_null_and_what_is_no_JSON_is_refused()
    {
        Assert.Null(await ReadAsync("", "application/json"));
        await Assert.ThrowsAsync<JsonException>(() => ReadAsync("answer=no", "application/x-www-form-urlencoded"));
    }

    private static Task<Reply?> ReadAsync(string text, string? type)
    {
        var request = new DefaultHttpContext().Request;
        (request.ContentType, request.Body) = (type, new MemoryStream(Encoding.UTF8.GetBytes(text)));
        return JsonBody.ReadAsync<Reply>(request, CancellationToken.None);
    }

    private sealed record Reply(string? Answer);
}

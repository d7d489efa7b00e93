using Microsoft.AspNetCore.Http;
using WhatsOps.Runbooks;

namespace WhatsOps.Tests.Runbooks;

public sealed class PairingHtmlTests
{
    [Theory]
    [InlineData("pt-BR,pt;q=0.9,en;q=0.8", "pt-BR")]
    [InlineData("en-US,en;q=0.9,pt;q=0.5", "en")]
    [InlineData("pt;q=0.4, en;q=0.5", "en")]
    [InlineData("de,en;q=0.1", "en")]
    [InlineData("en;q=0, pt", "pt-BR")]
    [InlineData("de", "pt-BR")]
    [InlineData("*", "pt-BR")]
    [InlineData("", "pt-BR")]
    [InlineData("%%%", "pt-BR")]
    public void The_reader_s_language_decides_and_Portuguese_where_neither_is_wanted(string wanted, string language)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.AcceptLanguage = wanted;
        Assert.Contains($"<html lang=\"{language}\">", PairingHtml.Page("acme", PairingText.Of(request), "n"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_loads_nothing_from_elsewhere_and_a_slug_cannot_write_into_it()
    {
        var page = PairingHtml.Page("</script><b>x", PairingText.Of(new DefaultHttpContext().Request), "n0nce");
        Assert.DoesNotContain("<b>x", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href)=", page);
        Assert.Equal(2, page.Split("nonce=\"n0nce\"").Length - 1);
        Assert.DoesNotMatch(" on[a-z]+=|style=", page);
    }
}

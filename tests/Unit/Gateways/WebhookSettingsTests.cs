using WhatsOps.Gateways;

namespace WhatsOps.Tests.Unit.Gateways;

public sealed class WebhookSettingsTests
{
    [Theory]
    [InlineData("https://app.example.com/api/hook?code=hunter2#hunter2", "enabled https://app.example.com/api/hook?… (1 events)")]
    [InlineData("https://ana:hunter2@app.example.com:8443/hook", "enabled https://app.example.com:8443/hook (1 events)")]
    [InlineData("hunter2", "enabled an address that is no URL (1 events)")]
    public void What_goes_into_evidence_has_no_key_in_its_address(string url, string shown) => Assert.Equal(
        shown, new WebhookSettings(true, url, new Dictionary<string, string> { ["x-key"] = "hunter2" }, ["CALL"], false, false).ToString());
}

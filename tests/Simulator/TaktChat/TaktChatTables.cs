using Npgsql;

namespace WhatsOps.Simulator.TaktChat;

/// <summary>The tables of TaktChat that WhatsOps reads, with the types that its models have.</summary>
public static class TaktChatTables
{
    private const string Sql =
        """
        CREATE TABLE "Plans" (id serial PRIMARY KEY, name text NOT NULL, users int, connections int, queues int);
        CREATE TABLE "Companies" (id serial PRIMARY KEY, name text, status boolean DEFAULT true, "planId" int REFERENCES "Plans", "folderSize" text, "numberFileFolder" text, "updatedAtFolder" text);
        CREATE TABLE "Users" (id serial PRIMARY KEY, name text, "companyId" int NOT NULL, "updatedAt" timestamptz NOT NULL DEFAULT clock_timestamp());
        CREATE TABLE "Queues" (id serial PRIMARY KEY, name text, "companyId" int NOT NULL);
        CREATE TABLE "Whatsapps" (id serial PRIMARY KEY, name text, session text, qrcode text, status text, "companyId" int NOT NULL, token text, channel text DEFAULT 'whatsapp',
            "channelType" text DEFAULT 'baileys', "wabaPhoneNumberId" text, "wabaAccessToken" text, "wabaWebhookVerifyToken" text, "updatedAt" timestamptz NOT NULL DEFAULT clock_timestamp());
        CREATE TABLE "ContactLists" (id serial PRIMARY KEY, name text, "companyId" int NOT NULL);
        CREATE TABLE "ContactListItems" (id serial PRIMARY KEY, name text, number text NOT NULL, "companyId" int, "contactListId" int NOT NULL, "updatedAt" timestamptz NOT NULL DEFAULT clock_timestamp());
        CREATE TABLE "Campaigns" (id serial PRIMARY KEY, name text, status text, "companyId" int NOT NULL);
        CREATE TABLE "CampaignShipping" (id serial PRIMARY KEY, "campaignId" int NOT NULL REFERENCES "Campaigns", number text, "whatsappId" int, status text, "lastError" text, attempts int DEFAULT 0,
            "deliveredAt" timestamptz, "createdAt" timestamptz NOT NULL DEFAULT clock_timestamp(), "updatedAt" timestamptz NOT NULL DEFAULT clock_timestamp());
        CREATE TABLE "CampaignSettings" (id serial PRIMARY KEY, key text, value text, "companyId" int NOT NULL);
        """;

    public static async Task CreateAsync(string connectionString)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand(Sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>From now on every change of a connection is written, with its company where that is new.</summary>
    public static void Follow(TaktChatSimulator product, NpgsqlDataSource database) => product.StatusChanged = async line =>
    {
        await using var command = database.CreateCommand(
            """
            WITH company AS (INSERT INTO "Companies" (id, name) VALUES ($2, 'Company ' || $2) ON CONFLICT (id) DO NOTHING)
            INSERT INTO "Whatsapps" (id, "companyId", name, status, channel, "channelType", token) VALUES ($1, $2, 'Line', $3, $4, $5, $6)
            ON CONFLICT (id) DO UPDATE SET status = excluded.status, "updatedAt" = clock_timestamp()
            """);
        foreach (var value in new object[] { line.Id, line.Company, line.Status, line.Channel, line.ChannelType, line.Token }) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync();
    };
}

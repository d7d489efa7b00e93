using 'main.bicep'

// Brazil South: next to the gateways, and in the country of the people whose messages these are.
param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'prod')
param location = readEnvironmentVariable('AZURE_LOCATION', 'brazilsouth')
param deployerId = readEnvironmentVariable('AZURE_PRINCIPAL_ID', '')
param setDatabasePassword = readEnvironmentVariable('WHATSOPS_DATABASE_PASSWORD_SET', 'no') != 'yes'
param budgetStart = readEnvironmentVariable('WHATSOPS_BUDGET_START', '')
param durableBackend = readEnvironmentVariable('DurableBackend', 'AzureStorage')

param alertEmails = split(readEnvironmentVariable('WHATSOPS_ALERT_EMAILS', 'ops@example.com'), ',')
param fleetSecrets = filter(split(readEnvironmentVariable('WHATSOPS_FLEET_SECRETS', ''), ','), name => !empty(name))
param adminAddresses = filter(split(readEnvironmentVariable('WHATSOPS_ADMIN_ADDRESSES', ''), ','), address => !empty(address))

param postgresSize = 'Standard_D2ds_v5'
param postgresStorageGb = 128
param postgresBackupDays = 14
param poolSize = 20
param maximumInstances = 40
param instanceMemoryMB = 2048
param alwaysReadyHttp = 2
param dataRedundancy = 'Standard_ZRS'
param privateNetwork = true
param logRetentionDays = 90
param logDailyCapGb = 5
param monthlyBudget = int(readEnvironmentVariable('WHATSOPS_MONTHLY_BUDGET', '500'))

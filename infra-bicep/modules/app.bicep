metadata description = 'The function app on Flex Consumption. Secrets are references, everything else goes by its identity.'

import { secretReference, tagMap } from '../types.bicep'

param name string
param location string
param tags tagMap

param identityName string
param identityClientId string

param hostStorageName string
param dataBlobEndpoint string
@description('Where the package is uploaded to: the URL of its container.')
param packageContainer string
param vaultUri string
param telemetryConnectionString string

@description('Connections that one instance may have to the operations database.')
param poolSize int

@allowed([512, 2048, 4096])
param instanceMemoryMB int

@minValue(1)
@maxValue(1000)
param maximumInstances int

@description('Instances that always wait for webhooks: a gateway gives up on an answer that takes a cold start.')
@minValue(0)
param alwaysReadyHttp int

@description('Instances that always wait for steps of runbooks and backups.')
@minValue(0)
param alwaysReadyDurable int

param secrets secretReference[]

@description('Plain settings, of the app or of the host: nothing secret.')
param settings { *: string }

param isPrivate bool
param subnetId string

var plain = {
  FleetFile: '/home/site/wwwroot/fleet.json'
  OperationsDatabasePool: string(poolSize)
  BlobStorageUri: dataBlobEndpoint
  AZURE_CLIENT_ID: identityClientId
  AzureWebJobsStorage__accountName: hostStorageName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: telemetryConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
}

// Without a version: the app takes a rotated secret within a day, or at once after eng/azure-secret.
var references = toObject(
  secrets,
  item => item.setting,
  item => '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${item.secret})'
)

var ready = [
  ...(alwaysReadyHttp > 0 ? [{ name: 'http', instanceCount: alwaysReadyHttp }] : [])
  ...(alwaysReadyDurable > 0 ? [{ name: 'durable', instanceCount: alwaysReadyDurable }] : [])
]

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: identityName
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  // azd finds the app by this tag.
  tags: union(tags, { 'azd-service-name': 'whatsops' })
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: isPrivate ? subnetId : null
    siteConfig: { minTlsVersion: '1.2', scmMinTlsVersion: '1.2', ftpsState: 'Disabled', http20Enabled: true }
    functionAppConfig: {
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainer
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identity.id }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstances
        alwaysReady: ready
      }
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(plain, settings, references)
  }

  resource noFtpPassword 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource noScmPassword 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

output name string = app.name
output address string = 'https://${app.properties.defaultHostName}'

metadata description = 'The Key Vault with every secret of the app. The app may read secrets; who deploys may write them.'

import { tagMap } from '../types.bicep'

param name string
param location string
param tags tagMap
param principalId string

@description('Of the app; names its role assignments, which must be known before it is there.')
param identityName string

@description('Object id of the person or pipeline that writes secrets; empty: nobody gets the right from here.')
param deployerId string

@allowed(['User', 'ServicePrincipal', 'Group'])
param deployerType string

@description('False: reached by private endpoints, and from allowedAddresses.')
param isPublic bool

@description('IPv4 addresses or ranges from which secrets may be written while the vault is private.')
param allowedAddresses string[]

var secretsUser = '4633458b-17de-408a-b874-0445c86b69e6'
var secretsOfficer = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    // The data key opens every backup: nobody, not even an owner, can destroy it within 90 days.
    enablePurgeProtection: true
    publicNetworkAccess: isPublic || !empty(allowedAddresses) ? 'Enabled' : 'Disabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: isPublic ? 'Allow' : 'Deny'
      ipRules: [for address in allowedAddresses: { value: address }]
    }
  }
}

resource appReads 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, identityName, secretsUser)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
  }
}

resource deployerWrites 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(deployerId)) {
  scope: vault
  name: guid(vault.id, deployerId, secretsOfficer)
  properties: {
    principalId: deployerId
    principalType: deployerType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsOfficer)
  }
}

output id string = vault.id
output name string = vault.name
output uri string = vault.properties.vaultUri

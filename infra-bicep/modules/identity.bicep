metadata description = 'Who the app is in Azure: one user-assigned identity, which survives the app being made anew.'

import { tagMap } from '../types.bicep'

param name string
param location string
param tags tagMap

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
  tags: tags
}

output clientId string = identity.properties.clientId
output principalId string = identity.properties.principalId

metadata description = 'The workbook of the pipe: one page that answers whether WhatsOps does its work.'

import { tagMap } from '../types.bicep'

param location string
param tags tagMap
param workspaceId string

resource pipe 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'whatsops-pipe')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'WhatsOps: the pipe'
    category: 'workbook'
    sourceId: workspaceId
    version: 'Notebook/1.0'
    serializedData: loadTextContent('../workbook.json')
  }
}

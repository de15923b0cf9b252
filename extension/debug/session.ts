/*
 * What a debug session is made of: it speaks the control protocol, so that it is a file of its own, loaded with the first
 * session.
 */

export { FolderDebugging } from './folderDebugging.ts';
export { dismissLatecomers } from './latecomers.ts';
export { UmbrellaAdapter } from './umbrellaAdapter.ts';

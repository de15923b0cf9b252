/** Amounts of a container as Kubernetes writes them, e.g. `128Mi` and `100m`. */
export interface ContainerAmounts {
  memory?: string;
  cpu?: string;
  /** Graphics processors, as a number. */
  gpu?: string;
}

/** What a project file says of the container that a function gets in a cluster. Nothing of it holds on this machine. */
export interface ContainerSettings {
  /** Where the cluster is asked, where the project file says so. */
  gateway?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** Names of secrets that the container gets as files. */
  secrets: string[];
  /** Which machines it may run on, as the project file writes it. */
  constraints: string[];
  limits?: ContainerAmounts;
  requests?: ContainerAmounts;
  readOnlyRootFilesystem?: boolean;
}

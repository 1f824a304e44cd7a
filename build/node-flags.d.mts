/** The flags for Node that the first line of a program asks for. */
export function nodeFlagsOf(program: string): string[];

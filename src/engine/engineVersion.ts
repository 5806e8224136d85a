/** The version of this engine, as in package.json: it names what computed a figure that leaves the app. */
export const ENGINE_VERSION = '0.1.0';

/** Whether a finger can touch this screen: what only fingers do need not be listened for elsewhere. */
export const hasTouch = (): boolean => navigator.maxTouchPoints > 0;

/** What an attachment gives that has nothing to end. */
export const NOTHING = (): void => undefined;

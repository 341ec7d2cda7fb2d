/** How often a page that shows what workers do asks again, while it is looked at. */
export const REFRESH_MILLIS = 2000;

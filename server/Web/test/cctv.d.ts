declare module "cctv-age";
